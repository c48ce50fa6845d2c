from langchain_core.runnables import RunnableLambda

from advisor import Advisor


def test_the_search_drops_into_a_langchain_chain(advisor: Advisor) -> None:
    chain = advisor.retriever(k=3) | RunnableLambda(lambda documents: [document.page_content for document in documents])
    words = chain.invoke("who repairs what fails in production?")
    assert len(words) == 3
    for document in advisor.retriever(k=3).invoke("who repairs what fails in production?"):
        place = document.metadata
        assert advisor.article(place["article"]).text[place["start"] : place["end"]] == document.page_content
        assert -1 <= place["score"] <= 1
