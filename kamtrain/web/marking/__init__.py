"""Marking: the trainers' queue, one work, and agreement."""
