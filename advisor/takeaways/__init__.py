"""What one takes away from a conversation: each is a Markdown document, from which the other formats are made."""
