"""Every method of beta.observability.judges, and models.list."""

import asyncio
import uuid
from datetime import datetime

from sdk_case import CLASSIFICATION, CONVERSATION, REGRESSION, SdkCase, client, definition, judges


class Methods(SdkCase):
    def test_creates_a_judge_of_each_output_and_fetches_it(self):
        for output in (CLASSIFICATION, REGRESSION):
            wanted = definition(output=output, tools=["web_search"])
            created = judges().create(**wanted)
            self.assert_defines(created, wanted)
            self.assertEqual(uuid.UUID(created.id).version, 7)
            self.assertIsInstance(created.created_at, datetime)
            self.assertIsNone(created.deleted_at)
            self.assertIsNone(created.up_revision)
            self.assertIsNone(created.down_revision)
            self.assertEqual(judges().fetch(judge_id=created.id), created)

    def test_fills_in_the_range_from_0_to_1(self):
        output = {"type": "REGRESSION", "min_description": "no", "max_description": "yes"}
        judge = judges().create(**definition(output=output))
        self.assertEqual((judge.output.min, judge.output.max), (0, 1))

    def test_updates_a_judge_which_keeps_the_revision_before(self):
        first = judges().create(**definition())
        changed = definition(instructions="Is it really fine?", output=REGRESSION)
        self.assertIsNone(judges().update(judge_id=first.id, **changed))
        second = judges().fetch(judge_id=first.id)
        self.assert_defines(second, changed)
        self.assertEqual(second.id, first.id)
        self.assertEqual(second.down_revision, first.base_revision)
        pinned = judges().fetch(judge_id=first.base_revision)
        self.assertEqual(pinned.instructions, "Is it fine?")
        self.assertIsNotNone(pinned.up_revision)

    def test_deletes_a_judge(self):
        wanted = definition()
        judge = judges().create(**wanted)
        self.assertIsNone(judges().delete(judge_id=judge.id))
        self.assertEqual(judges().list(q=wanted["name"]).judges.count, 0)

    def test_lists_with_every_filter(self):
        mark = uuid.uuid4().hex
        for index, output in enumerate((CLASSIFICATION, REGRESSION, REGRESSION)):
            judges().create(**definition(description=f"{mark} {index}", model_name=f"{mark}-{index}", output=output))

        def found(**query):
            return [judge.description[-1] for judge in judges().list(**query).judges.results]

        self.assertEqual(found(q=mark.upper()), ["2", "1", "0"])
        self.assertEqual(found(q=mark, type_filter=["CLASSIFICATION"]), ["0"])
        self.assertEqual(found(q=mark, type_filter=["CLASSIFICATION", "REGRESSION"]), ["2", "1", "0"])
        self.assertEqual(found(model_filter=[f"{mark}-0", f"{mark}-2"]), ["2", "0"])
        self.assertEqual(found(model_filter=[f"{mark}-0"], type_filter=["REGRESSION"]), [])
        self.assertEqual(found(q=mark, page_size=2, page=2), ["0"])

        first = judges().list(q=mark, page_size=2).judges
        self.assertEqual(first.count, 3)
        self.assertIsNone(first.previous)
        self.assertIn("page=2", first.next)

    def test_judges_a_conversation_with_each_output_by_a_judge_and_by_a_revision(self):
        for output, answer in ((CLASSIFICATION, "approved"), (REGRESSION, 3)):
            judge = judges().create(**definition(output=output))
            for judge_id in (judge.id, judge.base_revision):
                judgment = judges().judge_conversation(
                    judge_id=judge_id, messages=CONVERSATION, properties={"source": "a text"}
                )
                self.assertEqual(judgment.model_dump(), {"analysis": "It is as scripted.", "answer": answer})
            self.assertEqual(judges().judge_conversation(judge_id=judge.id, messages=CONVERSATION).answer, answer)

    def test_lists_models(self):
        self.assertEqual([model.id for model in client().models.list().data], ["scripted"])

    def test_does_all_of_it_without_blocking(self):
        async def run():
            api = judges()
            created = await api.create_async(**definition())
            fetched = await api.fetch_async(judge_id=created.id)
            self.assertEqual(fetched, created)
            await api.update_async(judge_id=created.id, **definition())
            judgments = await asyncio.gather(
                *(api.judge_conversation_async(judge_id=created.id, messages=CONVERSATION) for _ in range(20))
            )
            self.assertEqual({judgment.answer for judgment in judgments}, {"approved"})
            self.assertGreaterEqual((await api.list_async()).judges.count, 1)
            await api.delete_async(judge_id=created.id)

        asyncio.run(run())
