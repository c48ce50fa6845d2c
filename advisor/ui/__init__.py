"""The Gradio page. It renders replies and sends messages, and holds no logic of its own."""
