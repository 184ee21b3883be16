"""From rows as numbers to changes counted per pool, and to scores."""
