"""The workbench: accounts, sheets, and the tools behind them."""
