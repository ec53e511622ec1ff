"""What the tests of the Python SDK share: clients of the server that the environment names, and a conversation."""

import functools
import json
import os
import unittest
import uuid

from mistralai.client import Mistral, errors

URL = os.environ["TEST_ASSIZE_URL"]
KEYS = json.loads(os.environ["TEST_ASSIZE_KEYS"])

CONVERSATION = [
    {"role": "user", "content": "What is the capital of France?"},
    {"role": "assistant", "content": "Paris."},
]

CLASSIFICATION = {
    "type": "CLASSIFICATION",
    "options": [
        {"value": "approved", "description": "It is fine."},
        {"value": "rejected", "description": "It is not."},
    ],
}

REGRESSION = {
    "type": "REGRESSION",
    "min": 1,
    "min_description": "useless",
    "max": 5,
    "max_description": "all one needs",
}


# The SDK has a type of error with a code for these; every other status is its SDKError.
OBSERVABILITY_STATUSES = (400, 404, 408, 409, 422)


@functools.cache
def client(role="admin"):
    return Mistral(server_url=URL, api_key=KEYS[role])


def judges(role="admin"):
    return client(role).beta.observability.judges


def datasets(role="admin"):
    return client(role).beta.observability.datasets


def definition(**changes):
    """A judge's definition whose name is its own."""
    return {
        "name": f"Judge {uuid.uuid4()}",
        "description": "Whether it is fine.",
        "model_name": "approves",
        "output": CLASSIFICATION,
        "instructions": "Is it fine?",
        "tools": [],
        **changes,
    }


class SdkCase(unittest.TestCase):
    maxDiff = None

    def assert_defines(self, judge, expected):
        shown = judge.model_dump()
        self.assertEqual({field: shown[field] for field in expected}, expected)

    def assert_fails(self, status, error_code, says, call, *args, **kwargs):
        with self.assertRaises(errors.MistralError) as caught:
            call(*args, **kwargs)
        error = caught.exception
        expected = errors.ObservabilityError if status in OBSERVABILITY_STATUSES else errors.SDKError
        self.assertIs(type(error), expected)
        self.assertEqual(error.status_code, status)
        detail = json.loads(error.body)["detail"]
        self.assertEqual(detail["error_code"], error_code)
        self.assertIn(says, detail["message"])
        if expected is errors.ObservabilityError:
            self.assertEqual(error.data.detail.error_code, error_code)
            self.assertEqual(error.data.detail.message, detail["message"])
        return error
