"""What the answers of many say about a quiz and its questions."""
