"""The mathematics behind the styles, each pattern on its own and testable against known truth."""
