"""Runs the smoke suite with Google's own client against the emulator: smoke.py URL TOKEN."""

import base64
import json
import pathlib
import sys

from google.auth import credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

DOCUMENT = pathlib.Path(__file__).resolve().parents[3] / "discovery" / "people.v1.json"
FIELDS = "names,emailAddresses,metadata"
PNG = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe"


class Token(credentials.Credentials):
    """A bearer token that never changes, so that a 401 stays one."""

    def __init__(self, token):
        super().__init__()
        self.token = token

    def refresh(self, request):
        pass


def connect(url, token):
    return build_from_document(
        DOCUMENT.read_text(encoding="utf-8"),
        credentials=Token(token),
        client_options={"api_endpoint": url},
    )


def person(given):
    email = f"{given.lower()}@example.com"
    return {
        "names": [{"givenName": given, "familyName": "Smoke"}],
        "emailAddresses": [{"value": email, "type": "home"}],
    }


def refused(call, http, status):
    """The body of the refusal that the call must get."""
    try:
        answer = call.execute()
    except HttpError as error:
        assert error.resp.status == http, (error.resp.status, error.content)
        body = json.loads(error.content)["error"]
        assert body["code"] == http and body["status"] == status, body
        return body
    raise AssertionError(f"not refused: {answer}")


class Suite:
    def __init__(self, url, token):
        self.url = url
        self.service = connect(url, token)
        self.people = self.service.people()
        self.names = []

    def get(self, name):
        return self.people.get(resourceName=name, personFields=FIELDS).execute()

    def change(self, name, nickname):
        return {"etag": self.get(name)["etag"], "nicknames": [{"value": nickname}]}

    def update(self, contacts, mask="nicknames"):
        body = {"contacts": contacts, "readMask": "nicknames", "updateMask": mask}
        return self.people.batchUpdateContacts(body=body)

    def nicknames(self):
        answer = self.people.getBatchGet(
            resourceNames=self.names, personFields="nicknames"
        ).execute()
        return [r["person"].get("nicknames", [{}])[0].get("value") for r in answer["responses"]]

    def create_three(self):
        for given in ["Ann", "Bjørn", "太郎"]:
            made = self.people.createContact(body=person(given), personFields=FIELDS).execute()
            assert made["names"][0]["displayName"] == f"{given} Smoke", made
            assert made["etag"].startswith("%"), made
            self.names.append(made["resourceName"])

    def batch_create(self):
        contacts = [{"contactPerson": person(given)} for given in ["Dora", "Emil"]]
        body = {"contacts": contacts, "readMask": "names"}
        made = self.people.batchCreateContacts(body=body).execute()["createdPeople"]
        assert len(made) == 2, made
        self.names += [response["person"]["resourceName"] for response in made]

    def read_one(self):
        got = self.get(self.names[1])
        assert got["resourceName"] == self.names[1]
        assert got["emailAddresses"][0]["value"] == "bjørn@example.com", got
        assert got["metadata"]["sources"][0]["type"] == "CONTACT", got

    def read_many(self):
        call = self.people.getBatchGet(
            resourceNames=self.names, personFields="names", sources=["READ_SOURCE_TYPE_CONTACT"]
        )
        responses = call.execute()["responses"]
        assert [r["requestedResourceName"] for r in responses] == self.names, responses

    def list_in_pages(self):
        connections = self.people.connections()
        call = connections.list(resourceName="people/me", personFields="names", pageSize=2)
        pages = []
        while call is not None:
            answer = call.execute()
            assert answer["totalItems"] == 5, answer
            pages.append([p["resourceName"] for p in answer["connections"]])
            call = connections.list_next(call, answer)
        assert [len(page) for page in pages] == [2, 2, 1], pages
        assert sorted(sum(pages, [])) == sorted(self.names), pages

    def batch_update(self):
        contacts = {name: self.change(name, f"nick {name}") for name in self.names[:3]}
        result = self.update(contacts).execute()["updateResult"]
        assert sorted(result) == sorted(self.names[:3]), result
        for name, response in result.items():
            assert not response["status"], response
            assert response["person"]["nicknames"][0]["value"] == f"nick {name}", response

    def stale_etag(self):
        contacts = {name: self.change(name, "stale") for name in self.names[:3]}
        second = self.names[1]
        self.update({second: self.change(second, "moved on")}).execute()
        before = self.nicknames()
        body = refused(self.update(contacts), 400, "FAILED_PRECONDITION")
        (detail,) = body["details"]
        assert detail["@type"].endswith(".BatchUpdateContactsErrorDetails"), detail
        assert list(detail["contactErrors"]) == [second], detail
        assert self.nicknames() == before and "stale" not in before

    def missing_update_mask(self):
        contacts = {self.names[0]: self.change(self.names[0], "x")}
        refused(self.update(contacts, mask=""), 400, "INVALID_ARGUMENT")

    def bad_mask_path(self):
        contacts = {self.names[0]: self.change(self.names[0], "x")}
        body = refused(self.update(contacts, mask="nope"), 400, "INVALID_ARGUMENT")
        assert '"nope"' in body["message"], body

    def wrong_token(self):
        stranger = connect(self.url, "token-of-nobody")
        call = stranger.people().get(resourceName=self.names[0], personFields="names")
        refused(call, 401, "UNAUTHENTICATED")

    def missing_contact(self):
        call = self.people.get(resourceName="people/c404", personFields="names")
        refused(call, 404, "NOT_FOUND")

    def group(self):
        groups = self.service.contactGroups()
        body = {"contactGroup": {"name": "Bowling"}}
        group = groups.create(body=body).execute()["resourceName"]
        refused(groups.create(body=body), 409, "ALREADY_EXISTS")
        body = {"resourceNamesToAdd": [*self.names[:2], "people/c404"]}
        answer = groups.members().modify(resourceName=group, body=body).execute()
        assert answer == {"notFoundResourceNames": ["people/c404"]}, answer
        got = groups.get(resourceName=group, maxMembers=9).execute()
        assert got["memberCount"] == 2, got
        assert sorted(got["memberResourceNames"]) == sorted(self.names[:2]), got
        body = {"contactGroup": {"name": "Chess", "etag": got["etag"]}}
        assert groups.update(resourceName=group, body=body).execute()["name"] == "Chess"
        names = [g["resourceName"] for g in groups.list().execute()["contactGroups"]]
        assert group in names and "contactGroups/myContacts" in names, names
        groups.delete(resourceName=group).execute()
        refused(groups.get(resourceName=group), 404, "NOT_FOUND")

    def photo(self):
        body = {"photoBytes": base64.b64encode(PNG).decode(), "personFields": "photos"}
        call = self.people.updateContactPhoto(resourceName=self.names[0], body=body)
        (photo,) = call.execute()["person"]["photos"]
        assert "default" not in photo, photo
        call = self.people.deleteContactPhoto(resourceName=self.names[0], personFields="photos")
        (photo,) = call.execute()["person"]["photos"]
        assert photo["default"], photo

    def search(self):
        call = self.people.searchContacts(query="bjørn s", readMask="names")
        (result,) = call.execute()["results"]
        assert result["person"]["resourceName"] == self.names[1], result

    def other_contacts(self):
        assert self.service.otherContacts().list(readMask="names").execute() == {}

    def no_directory(self):
        source = "DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE"
        call = self.people.listDirectoryPeople(readMask="names", sources=[source])
        refused(call, 400, "FAILED_PRECONDITION")

    def delete(self):
        self.people.deleteContact(resourceName=self.names[0]).execute()
        again = self.people.deleteContact(resourceName=self.names[0])
        refused(again, 404, "NOT_FOUND")
        self.people.batchDeleteContacts(body={"resourceNames": self.names[1:]}).execute()
        call = self.people.connections().list(resourceName="people/me", personFields="names")
        assert "connections" not in call.execute()


def main():
    suite = Suite(*sys.argv[1:3])
    steps = [
        suite.create_three,
        suite.batch_create,
        suite.read_one,
        suite.read_many,
        suite.list_in_pages,
        suite.batch_update,
        suite.stale_etag,
        suite.missing_update_mask,
        suite.bad_mask_path,
        suite.wrong_token,
        suite.missing_contact,
        suite.group,
        suite.photo,
        suite.search,
        suite.other_contacts,
        suite.no_directory,
        suite.delete,
    ]
    for step in steps:
        step()
        print(f"  ok {step.__name__}")
    print(f"{len(steps)} steps passed")


if __name__ == "__main__":
    main()
