"""What parsers read pages with, and what they recognize on them."""
