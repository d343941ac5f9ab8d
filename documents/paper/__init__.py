"""What a paper is set with. Nothing here is served to a browser, and nothing here imports Django: it runs in the
sandbox (``press``)."""
