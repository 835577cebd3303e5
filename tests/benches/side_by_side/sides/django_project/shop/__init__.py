"""The app whose models are made from the description."""
