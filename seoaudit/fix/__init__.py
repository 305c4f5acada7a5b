"""The change to make on the server: what a run found becomes rules, written for one kind of server and proven before anyone deploys them."""
