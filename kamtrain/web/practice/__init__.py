"""Practising: quizzes and scenarios."""
