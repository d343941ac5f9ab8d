"""What the pages of the loop show, as plain words for the templates. The views fetch and answer."""
