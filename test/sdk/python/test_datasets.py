"""The methods of beta.observability.datasets and of its records, and their errors."""

import asyncio
import json
import urllib.request
import uuid
from datetime import datetime

from sdk_case import CONVERSATION, REGRESSION, SdkCase, datasets, definition

PAYLOAD = {"messages": CONVERSATION, "temperature": 0.5}


def create_dataset(**changes):
    return datasets().create(**{"name": "Questions", "description": "Of customers.", **changes})


def create_record(dataset_id, **changes):
    return datasets().create_record(**{"dataset_id": dataset_id, "payload": PAYLOAD, **changes})


class Datasets(SdkCase):
    def test_creates_a_dataset_fetches_and_updates_it(self):
        created = create_dataset()
        self.assertEqual(uuid.UUID(created.id).version, 7)
        self.assertIsInstance(created.created_at, datetime)
        self.assertIsNone(created.deleted_at)
        self.assertEqual((created.name, created.description), ("Questions", "Of customers."))
        self.assertEqual(datasets().fetch(dataset_id=created.id).model_dump(), created.model_dump())
        self.assertEqual(datasets().fetch(dataset_id=created.slug).id, created.id)
        updated = datasets().update(dataset_id=created.id, name="Renamed", description=None)
        self.assertEqual((updated.name, updated.description), ("Renamed", "Of customers."))
        self.assertEqual(datasets().fetch(dataset_id=created.id), updated)

    def test_lists_datasets_and_deletes_one(self):
        mark = uuid.uuid4().hex
        for number in range(3):
            create_dataset(name=f"{mark} {number}")
        listed = datasets().list(q=mark.upper(), page_size=2).datasets
        self.assertEqual([dataset.name[-1] for dataset in listed.results], ["2", "1"])
        self.assertEqual(listed.count, 3)
        self.assertIn("page=2", listed.next)
        self.assertEqual(len(datasets().list(q=mark, page_size=2, page=2).datasets.results), 1)
        self.assertIsNone(datasets().delete(dataset_id=listed.results[0].id))
        self.assertEqual(datasets().list(q=mark).datasets.count, 2)

    def test_creates_records_fetches_and_lists_them(self):
        dataset = create_dataset()
        record = create_record(dataset.id, properties={"topic": ["x", 1]}, source="TELEMETRY_SPAN")
        self.assertEqual((record.payload, record.properties), (PAYLOAD, {"topic": ["x", 1]}))
        self.assertEqual((record.source, record.dataset_id), ("TELEMETRY_SPAN", dataset.id))
        self.assertIsNone(record.deleted_at)
        self.assertEqual(datasets().records.fetch(dataset_record_id=record.id), record)
        other = create_record(dataset.id)
        self.assertEqual((other.properties, other.source), ({}, "DIRECT_INPUT"))
        listed = datasets().list_records(dataset_id=dataset.id).records
        self.assertEqual((listed.results, listed.count), ([record, other], 2))
        self.assertEqual(datasets().list_records(dataset_id=dataset.id, page_size=1, page=2).records.results, [other])

    def test_updates_a_record(self):
        record = create_record(create_dataset().id)
        records = datasets().records
        payload = {"messages": CONVERSATION[:1]}
        self.assertIsNone(records.update_payload(dataset_record_id=record.id, payload=payload))
        self.assertIsNone(records.update_properties(dataset_record_id=record.id, properties={"a": None}))
        updated = records.fetch(dataset_record_id=record.id)
        self.assertEqual((updated.payload, updated.properties), (payload, {"a": None}))

    def test_deletes_records(self):
        dataset = create_dataset()
        one, two, three = (create_record(dataset.id).id for _ in range(3))
        self.assertIsNone(datasets().records.delete(dataset_record_id=one))
        self.assertIsNone(datasets().records.bulk_delete(dataset_record_ids=[two, three]))
        self.assertEqual(datasets().list_records(dataset_id=dataset.id).records.count, 0)

    def test_judges_a_record_by_an_inline_definition(self):
        record = create_record(create_dataset().id)
        for output, answer in ((definition()["output"], "approved"), (REGRESSION, 3)):
            judgment = datasets().records.judge(
                dataset_record_id=record.id, judge_definition=definition(name="Inline", output=output)
            )
            self.assertEqual(judgment.model_dump(), {"analysis": "It is as scripted.", "answer": answer})

    def test_exports_a_dataset(self):
        dataset = create_dataset()
        records = [create_record(dataset.id, properties={"number": number}) for number in range(3)]
        link = datasets().export_to_jsonl(dataset_id=dataset.id).file_url
        with urllib.request.urlopen(link) as answer:
            lines = [json.loads(line) for line in answer]
        self.assertEqual([line["id"] for line in lines], [record.id for record in records])
        self.assertEqual([line["properties"]["number"] for line in lines], [0, 1, 2])
        self.assertEqual(lines[0]["payload"], PAYLOAD)

    def test_does_it_without_blocking(self):
        async def run():
            api = datasets()
            dataset = await api.create_async(name="Questions", description="")
            added = await asyncio.gather(
                *(api.create_record_async(dataset_id=dataset.id, payload=PAYLOAD) for _ in range(20))
            )
            listed = (await api.list_records_async(dataset_id=dataset.id)).records
            self.assertEqual({record.id for record in listed.results}, {record.id for record in added})
            await api.records.bulk_delete_async(dataset_record_ids=[record.id for record in added])
            await api.delete_async(dataset_id=dataset.id)

        asyncio.run(run())


class DatasetErrors(SdkCase):
    def test_missing_datasets(self):
        api = datasets()
        missing = str(uuid.uuid4())
        calls = [(api.fetch, {}), (api.delete, {}), (api.update, {"name": "x"}), (api.list_records, {})]
        calls += [(api.create_record, {"payload": PAYLOAD}), (api.export_to_jsonl, {})]
        for call, arguments in calls:
            self.assert_fails(404, "DATASET_NOT_FOUND", missing, call, dataset_id=missing, **arguments)
        dataset = create_dataset()
        elsewhere = datasets("otherWorkspace").fetch
        self.assert_fails(404, "DATASET_NOT_FOUND", dataset.id, elsewhere, dataset_id=dataset.id)

    def test_missing_records(self):
        missing = str(uuid.uuid4())
        code = "DATASET_RECORD_NOT_FOUND"
        api = datasets().records
        calls = [(api.fetch, {}), (api.delete, {}), (api.judge, {"judge_definition": definition(name="Inline")})]
        calls += [(api.update_payload, {"payload": PAYLOAD}), (api.update_properties, {"properties": {}})]
        for call, arguments in calls:
            self.assert_fails(404, code, missing, call, dataset_record_id=missing, **arguments)
        record = create_record(create_dataset().id)
        known_and_unknown = [record.id, missing]
        self.assert_fails(404, code, missing, api.bulk_delete, dataset_record_ids=known_and_unknown)
        self.assertEqual(api.fetch(dataset_record_id=record.id), record)
        elsewhere = datasets("otherWorkspace").records.fetch
        self.assert_fails(404, code, record.id, elsewhere, dataset_record_id=record.id)

    def test_bad_requests(self):
        code = "VALIDATION_ERROR"
        self.assert_fails(422, code, "name", datasets().create, name="", description="")
        self.assert_fails(422, code, "page_size", datasets().list, page_size=101)
        self.assert_fails(422, code, "dataset_id", datasets().fetch, dataset_id="not_mine")
        self.assert_fails(403, "AUTH_FORBIDDEN", "viewer", datasets("viewer").create, name="x", description="")

    def test_bad_records(self):
        code = "DATASET_RECORD_FORMAT_ERROR"
        dataset = create_dataset()
        oracle = {"messages": [{"role": "oracle"}]}
        self.assert_fails(
            422, code, "payload.messages[0]", datasets().create_record, dataset_id=dataset.id, payload=oracle
        )
        record = create_record(dataset.id)
        update = datasets().records.update_payload
        self.assert_fails(422, code, "payload.messages", update, dataset_record_id=record.id, payload={})

    def test_failing_judgments(self):
        record = create_record(create_dataset().id)

        def assert_judging_fails(status, error_code, says, **changes):
            self.assert_fails(
                status,
                error_code,
                says,
                datasets().records.judge,
                dataset_record_id=record.id,
                judge_definition=definition(name="Inline", **changes),
            )

        assert_judging_fails(400, "TEMPLATE_SYNTAX_ERROR", "line 1", instructions="{{")
        assert_judging_fails(502, "JUDGE_MISTRAL_API_ERROR", "500 four times", model_name="keeps-failing")
        assert_judging_fails(429, "JUDGE_MISTRAL_API_ERROR", "Too many requests", model_name="limits-rate")
