"""The Flask plumbing: who asks, in which language, with which transaction, and how a refusal looks."""
