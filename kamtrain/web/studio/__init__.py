"""Where trainers write: the library as files, an editor beside the preview, publishing, and what was published."""
