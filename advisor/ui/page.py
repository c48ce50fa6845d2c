"""The page itself: a chat, buttons for quick answers, and a panel with what was understood."""

import os
import socket
from typing import TYPE_CHECKING, Any, Final

from advisor.api import Advisor
from advisor.core.replies import Reply
from advisor.errors import AdvisorError
from advisor.turn import State
from advisor.ui.render import Message, panel, reply_messages, user_message

if TYPE_CHECKING:
    import gradio as gr

TITLE: Final = "Which role should we hire?"
MOST_AT_ONCE: Final = 8
MOST_WAITING: Final = 64
CSS: Final = """
.gradio-container { max-width: 1200px !important; margin: 0 auto; }
#panel dt { font-weight: 600; margin-top: .5rem } #panel dd { margin: 0 } #panel table { width: 100% }
#options { flex-wrap: wrap; gap: .5rem } #options button { flex: 0 0 auto }
#panel th { text-align: left; font-weight: 400 } #panel td { text-align: right }
"""

Step = tuple[list[Message], State, Reply | None, str]
"""What a turn leaves behind: the chat, the conversation's state, the last reply, the panel."""


def build(advisor: Advisor) -> "gr.Blocks":
    """The page for one advisor. The caller launches it."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    def opening() -> Step:
        return _step(advisor, [], State(), lambda conversation: conversation.greet())

    def say(text: str, chat: list[Message], state: State) -> Step:
        return _step(advisor, [*chat, user_message(text)], state, lambda conversation: conversation.send(text))

    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        state = gr.State(State())
        last_reply = gr.State(None)
        gr.Markdown(f"# {TITLE}\nAn automated advisor on roles, not on people. Every reason is a quote you can open.")
        with gr.Row():
            with gr.Column(scale=2):
                chat = gr.Chatbot(
                    label="Conversation",
                    height=520,
                    buttons=[],
                    feedback_options=None,
                    group_consecutive_messages=False,
                )
                quick_answers = gr.Column()
                with gr.Row():
                    box = gr.Textbox(
                        label="Your message",
                        placeholder="Describe your project, answer, or ask about the roles",
                        lines=1,
                        max_lines=6,
                        scale=5,
                        autofocus=True,
                    )
                    send = gr.Button("Send", variant="primary", scale=1)
                restart = gr.Button("Start over", size="sm")
            with gr.Column(scale=1):
                side = gr.HTML(panel(None, advisor.wording), elem_id="panel")

        after = [chat, state, last_reply, side]
        limits: dict[str, Any] = {"concurrency_limit": MOST_AT_ONCE, "api_visibility": "private"}
        gr.on([box.submit, send.click], say, [box, chat, state], after, show_progress="hidden", **limits).then(
            lambda: "", None, box, show_progress="hidden", **limits
        )
        gr.on([restart.click, chat.clear], opening, None, after, show_progress="hidden", **limits)
        page.load(opening, None, after, show_progress="hidden", **limits)

        with quick_answers:

            @gr.render(inputs=[last_reply], triggers=[last_reply.change])  # type: ignore[untyped-decorator]
            def show_options(reply: Reply | None) -> None:
                if reply is None or reply.question is None:
                    return
                factor = reply.question.factor
                with gr.Row(elem_id="options"):
                    for option in reply.question.options:
                        button = gr.Button(option.label, size="sm", min_width=60)
                        button.click(
                            _chooser(advisor, factor, option.value, option.label), [chat, state], after,
                            show_progress="hidden", **limits,
                        )  # fmt: skip

    made: gr.Blocks = page
    return made


def serve(advisor: Advisor, host: str, port: int) -> None:
    """Serve the page until it is interrupted. Raises `AdvisorError` when the address cannot be used."""
    _require_free(host, port)
    page = build(advisor).queue(max_size=MOST_WAITING)
    page.launch(
        server_name=host, server_port=port, css=CSS, quiet=True, share=False, show_error=False, footer_links=[],
        run_history=False, enable_monitoring=False, max_file_size="1kb", ssr_mode=False,
        prevent_thread_lock=True,
    )  # fmt: skip
    print(f"The advisor is at http://{host}:{port} (stop it with Ctrl-C). It is warming up.", flush=True)
    advisor.ask("Which role is on call?")  # needs all that a first message needs, which is being loaded
    print("It is ready.", flush=True)
    page.block_thread()


def _require_free(host: str, port: int) -> None:
    """Raises `AdvisorError` when nothing can listen at the address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AdvisorError(
            f"{host} port {port} cannot be used: {error.strerror or error}. "
            "Choose others with --host and --port, or stop what listens there."
        ) from error


def _chooser(advisor: Advisor, factor: str, value: str, label: str) -> Any:
    def choose(chat: list[Message], state: State) -> Step:
        return _step(
            advisor, [*chat, user_message(label)], state, lambda conversation: conversation.choose(factor, value)
        )

    return choose


def _step(advisor: Advisor, chat: list[Message], state: State, act: Any) -> Step:
    conversation = advisor.resume(state)
    reply: Reply = act(conversation)
    return [*chat, *reply_messages(reply)], conversation.state, reply, panel(reply, advisor.wording)
