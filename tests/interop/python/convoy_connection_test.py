"""convoy-python, unmodified, tests connections by the API under test.

    python convoy_connection_test.py ISSUER BOOTSTRAP_JSON

Posts each body that it reads from standard input, one JSON document a line, and prints [status, answer] for each.
"""

import json
import sys

from convoy.client import Client


def main(issuer, bootstrap_file):
    with open(bootstrap_file, encoding="utf-8") as file:
        project = json.load(file)["project"]
    convoy = Client(
        {
            "api_key": project["api_key"],
            "uri": f"{issuer}/api/v1/projects/{project['id']}",
            "project_id": project["id"],
        }
    )
    for line in sys.stdin:
        query, body = json.loads(line)
        answer, status = convoy.http_post("/endpoints/oauth2/test", query, body)
        print(json.dumps([status, answer]))


if __name__ == "__main__":
    main(*sys.argv[1:])
