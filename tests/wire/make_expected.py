"""Writes expected.json: the requests that Google's Python client makes for the calls in cases.json.

    python3 tests/wire/make_expected.py            writes expected.json
    python3 tests/wire/make_expected.py --check    fails if expected.json is not what it would write

The requests are recorded where they would go onto a connection; nothing is sent. The client is
google-api-python-client of the version below, and it reads discovery/people.v1.json. If this Python
does not have it, it is installed into a virtual environment (WIRE_VENV or SMOKE_VENV; by default
smoke-venv in the target folder, which tests/emulator/smoke/run.sh uses, too).

cases.json is a list of calls:

    {"name":       unique, words with hyphens; the first says which method it is about
     "method":     the id in the document: "people.people.connections.list"
     "parameters": {wire name: value}, for the path and the query; a value is text, a number, true
                   or false, a list of texts for a repeated parameter, or null for "not given"
     "body":       JSON, or null for none}

expected.json has an object for each, in the same order:

    {"name":    that of the case
     "method":  the HTTP method as sent
     "target":  the request target as sent: path, "?" and query, as they stand in the request line
     "path":    what stands before the first "?" of the target, still escaped
     "raw_query": what stands after it, still escaped; "" if nothing does
     "query":   [[name, value], ..], raw_query decoded (a "+" is a blank), in the order as sent
     "headers": {name in lower case: value}: accept, accept-encoding, content-type,
                x-http-method-override, and content-length where it is "0"
     "body":    JSON; not there if no body is sent}

or, where the client refuses to make the call,

    {"name": that of the case, "error": "TypeError: what the client says"}

Habits of the client are in there as they are:

- It adds alt=json to every query, at the end. An empty list adds nothing; null is "not given".
- A GET of more than 2048 bytes goes out as a POST with x-http-method-override: GET, an empty
  raw_query and the query as a form: "query" is what the form holds, "form" its text, and "body" is
  not there.
- In a path, a reserved character of a value stays as it is (RFC 6570, reserved expansion), so a "?"
  in a value ends the path, and a "#" ends the target. Dots stay, too: ".." is sent as it is.
- In a path, a value with an escape in it ("%20") is taken to be escaped already: nothing in it is
  escaped but blanks and what is not ASCII. RFC 6570 would escape the other characters, too (the
  cases "..-half-escaped").
- Values are checked against pattern and enum of the document, without a look at the end of a line.

Paths are the work of uritemplate (4.2.0 made this file) and httplib2 (0.32.1), which the client
brings along. The API has no int64; numbers beyond 2^53 stand in fields that the document does not
know.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse

VERSION = "2.202.0"
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DOCUMENT = ROOT / "discovery" / "people.v1.json"
CASES = HERE / "cases.json"
EXPECTED = HERE / "expected.json"
HEADERS = ["accept", "accept-encoding", "content-type", "x-http-method-override"]


def has_client(python):
    """Whether this Python has the client in the pinned version."""
    code = "import importlib.metadata as m; print(m.version('google-api-python-client'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == VERSION


def run_with_client():
    """Goes on in a Python that has the client, which is installed if need be."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    default = os.environ.get("SMOKE_VENV", str(target / "smoke-venv"))
    venv = pathlib.Path(os.environ.get("WIRE_VENV", default)).absolute()
    python = str(venv / "bin" / "python")
    if not (pathlib.Path(python).exists() and has_client(python)):
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        packages = [f"google-api-python-client=={VERSION}", "google-auth"]
        subprocess.run([python, *install, *packages], check=True)
    os.execv(python, [python, __file__, *sys.argv[1:]])


def recorder():
    """An HTTP client that keeps its last request instead of sending it."""
    import httplib2

    class Recorder(httplib2.Http):
        last = None

        def _conn_request(self, conn, request_uri, method, body, headers):
            self.last = {"target": request_uri, "method": method, "body": body, "headers": headers}
            return httplib2.Response({"status": "200"}), b"{}"

    return Recorder()


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def described(name, sent):
    """A recorded request in the form that is documented above."""
    path, _, raw_query = sent["target"].partition("?")
    headers = {text(key).lower(): text(value) for key, value in sent["headers"].items()}
    kept = {name: headers[name] for name in HEADERS if name in headers}
    if headers.get("content-length") == "0":
        kept["content-length"] = "0"
    out = {
        "name": name,
        "method": sent["method"],
        "target": sent["target"],
        "path": path,
        "raw_query": raw_query,
    }
    query = raw_query
    if "x-http-method-override" in kept:
        query = out["form"] = text(sent["body"])
    elif sent["body"] is not None:
        out["body"] = json.loads(sent["body"])
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    out["query"] = [list(pair) for pair in pairs]
    out["headers"] = kept
    return out


def call(service, http, case):
    """What becomes of one call."""
    from googleapiclient.discovery import key2param

    _, *collections, method = case["method"].split(".")
    resource = service
    for collection in collections:
        resource = getattr(resource, collection)()
    arguments = {key2param(name): value for name, value in case["parameters"].items()}
    if case["body"] is not None:
        arguments["body"] = case["body"]
    http.last = None
    try:
        getattr(resource, method)(**arguments).execute(http=http)
    except Exception as error:  # whatever the client says is the expectation
        return {"name": case["name"], "error": f"{type(error).__name__}: {error}"}
    return described(case["name"], http.last)


def check_cases(cases, document):
    """Each method of the document needs two cases, and each case a name and a method of its own."""
    def methods(resource):
        yield from (method["id"] for method in resource.get("methods", {}).values())
        for inner in resource.get("resources", {}).values():
            yield from methods(inner)

    known = set(methods(document))
    names = [case["name"] for case in cases]
    wrong = [name for name in set(names) if names.count(name) > 1]
    keys = {"name", "method", "parameters", "body"}
    wrong += [case["name"] for case in cases if set(case) != keys]
    wrong += [case["name"] for case in cases if case["method"] not in known]
    rare = [m for m in known if sum(case["method"] == m for case in cases) < 2]
    if wrong or rare:
        sys.exit(f"cases.json: wrong or doubled cases {wrong}, methods with too few {rare}")


def dump(value):
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def main():
    parser = argparse.ArgumentParser(description="The requests of Google's Python client.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = parser.parse_args()

    from googleapiclient.discovery import build_from_document

    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    check_cases(cases, document)
    http = recorder()
    # The environment must not choose another endpoint.
    for name in [name for name in os.environ if name.startswith("GOOGLE_")]:
        del os.environ[name]
    service = build_from_document(document, http=http)
    made = dump([call(service, http, case) for case in cases])
    if options.check:
        if not EXPECTED.exists() or EXPECTED.read_text(encoding="utf-8") != made:
            sys.exit("expected.json is out of date: run tests/wire/make_expected.py")
        print(f"{len(cases)} cases are as expected.json says")
        return
    EXPECTED.write_text(made, encoding="utf-8")
    refused = sum("error" in entry for entry in json.loads(made))
    print(f"{len(cases)} cases written, {refused} of them refused by the client")


if __name__ == "__main__":
    if "--help" in sys.argv or "-h" in sys.argv or has_client(sys.executable):
        main()
    else:
        run_with_client()
