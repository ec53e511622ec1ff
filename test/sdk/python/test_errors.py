"""Every documented error, as the SDK's own type of it."""

import uuid

from sdk_case import CONVERSATION, SdkCase, definition, judges

class Errors(SdkCase):
    def assert_judging_fails(self, status, error_code, says, **changes):
        judge = judges().create(**definition(**changes))
        return self.assert_fails(
            status, error_code, says, judges().judge_conversation, judge_id=judge.id, messages=CONVERSATION
        )

    def test_keys(self):
        for role, says in (("unknown", "not known"), ("revoked", "revoked"), ("expired", "expired")):
            self.assert_fails(401, "AUTH_UNAUTHORIZED", says, judges(role).list)

    def test_role(self):
        judges("viewer").list()
        self.assert_fails(403, "AUTH_FORBIDDEN", "viewer", judges("viewer").create, **definition())

    def test_validation(self):
        code = "VALIDATION_ERROR"
        self.assert_fails(422, code, "name", judges().create, **definition(name="abcd"))
        self.assert_fails(422, code, "instructions", judges().create, **definition(instructions=""))
        self.assert_fails(422, code, "page_size", judges().list, page_size=101)
        self.assert_fails(422, code, "judge_id", judges().fetch, judge_id="my-judge")
        self.assert_fails(413, code, "65536", judges().create, **definition(description="x" * 70_000))

    def test_templates(self):
        broken = definition(instructions="Fine?\n{% if %}")
        self.assert_fails(400, "TEMPLATE_SYNTAX_ERROR", "line 2", judges().create, **broken)
        endless = "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}"
        self.assert_judging_fails(400, "TEMPLATE_ERROR", "instructions", instructions=endless)

    def test_missing_judge(self):
        missing = str(uuid.uuid4())
        code = "JUDGE_NOT_FOUND"
        self.assert_fails(404, code, missing, judges().fetch, judge_id=missing)
        self.assert_fails(404, code, missing, judges().update, judge_id=missing, **definition())
        self.assert_fails(404, code, missing, judges().delete, judge_id=missing)
        self.assert_fails(404, code, missing, judges().judge_conversation, judge_id=missing, messages=CONVERSATION)
        judge = judges().create(**definition())
        self.assert_fails(404, code, judge.id, judges("otherWorkspace").fetch, judge_id=judge.id)

    def test_conflicts(self):
        wanted = definition()
        judge = judges().create(**wanted)
        self.assert_fails(409, "JUDGE_NAME_ALREADY_EXISTS", wanted["name"], judges().create, **wanted)
        self.assert_fails(409, "JUDGE_DID_NOT_CHANGE", judge.id, judges().update, judge_id=judge.id, **wanted)
        self.assert_fails(409, None, "revision", judges().delete, judge_id=judge.base_revision)

    def test_conversation(self):
        judge = judges().create(**definition())
        for messages, says in (([], "messages"), ([CONVERSATION[0], {"role": "oracle"}], "messages[1]")):
            self.assert_fails(
                422,
                "JUDGE_CONVERSATION_FORMAT_ERROR",
                says,
                judges().judge_conversation,
                judge_id=judge.id,
                messages=messages,
            )

    def test_tools(self):
        self.assert_judging_fails(400, "FEATURE_NOT_SUPPORTED", "web_search", tools=["web_search"])

    def test_models(self):
        code = "JUDGE_MISTRAL_API_ERROR"
        self.assert_judging_fails(400, code, "nobody-knows-it", model_name="nobody-knows-it")
        self.assert_judging_fails(400, code, "refused", model_name="refuses-request")
        self.assert_judging_fails(502, code, "500 four times", model_name="keeps-failing")
        self.assert_judging_fails(502, code, "no valid answer", model_name="talks-nonsense")
        limited = self.assert_judging_fails(429, code, "Too many requests", model_name="limits-rate")
        self.assertEqual(limited.headers["retry-after"], "7")
        self.assert_judging_fails(408, "JUDGE_MISTRAL_API_TIMEOUT", "deadline", model_name="never-answers")

    def test_server(self):
        self.assert_judging_fails(503, "DATABASE_UNAVAILABLE", "database", model_name="loses-the-database")
        broken = self.assert_judging_fails(500, "UNKNOWN_ERROR", "under request ", model_name="breaks")
        self.assertNotIn("secret of the machine", broken.body)
