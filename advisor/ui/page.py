"""The page, as Gradio shows it: it sends what the user does, and puts what comes back in its place.

The conversation, the panel and the form are HTML of our own, so that their headings, names and focus are right. What is
done in them reaches Python through one hidden field, which `look/page.js` fills.
"""

import logging
import os
from typing import TYPE_CHECKING, Any, Final

from advisor.api import Advisor
from advisor.errors import AdvisorError
from advisor.storage.conversations import Conversations
from advisor.ui.acts import FAILED, Acts, read
from advisor.ui.render import Renderer

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

TITLE: Final = "Which role should we hire?"
MOST_AT_ONCE: Final = 8
MOST_WAITING: Final = 64


def build(advisor: Advisor, kept: Conversations, render: Renderer) -> "gr.Blocks":
    """The page for one advisor, whose conversations are kept in `kept`. The caller mounts it."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    acts = Acts(advisor, kept)

    def act(sent: str) -> tuple[Any, Any]:
        name = ""
        try:
            asked = read(sent)
            name = str(asked.get("act", ""))
            dialogue, notice = acts.do(asked)
            return render.talk(dialogue, name, notice), render.side(dialogue)
        except AdvisorError as error:
            return render.failed(name, str(error)), gr.skip()
        except Exception:
            log.exception("The page could not be shown.")
            return render.failed(name, FAILED), gr.skip()

    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        _html(render.head(TITLE), "head")
        with gr.Row(elem_id="page"):
            with gr.Column(elem_id="main"):
                talk = _html(render.fixed("loading.html"), "talk")
                _html(render.fixed("form.html"), "form")
            with gr.Column(elem_id="aside"):
                side = _html("", "side")
        sent = gr.Textbox(elem_id="sent", container=False)
        send = gr.Button(elem_id="send")
        send.click(
            act,
            sent,
            [talk, side],
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=MOST_AT_ONCE,
            trigger_mode="multiple",
        )
    made: gr.Blocks = page.queue(max_size=MOST_WAITING)
    return made


def _html(html: str, name: str) -> "gr.Markdown":
    """HTML of our own. As Markdown, because Gradio's own HTML component evaluates code, which our pages forbid."""
    import gradio as gr

    return gr.Markdown(html, elem_id=name, sanitize_html=False, latex_delimiters=[], container=False)
