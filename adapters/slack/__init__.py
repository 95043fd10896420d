"""The Slack face: bodies into requests, replies into blocks and views, HTTP and sockets between."""
