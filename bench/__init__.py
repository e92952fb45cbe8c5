"""The measured journeys: `python3 kam.py bench`."""
