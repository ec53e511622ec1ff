"""The methods of files, and those of beta.observability.datasets that import, and their errors."""

import asyncio
import json
import time
import urllib.request
import uuid

from mistralai.client import errors
from sdk_case import CONVERSATION, SdkCase, client, datasets

NO_ID = "00000000-0000-0000-0000-000000000000"
PAYLOAD = {"messages": CONVERSATION}
LINES = f"{json.dumps(PAYLOAD)}\n{{\n{json.dumps(PAYLOAD)}\n".encode()


def files():
    return client().files


def upload(content=LINES, **changes):
    return files().upload(file={"file_name": "data.jsonl", "content": content}, **changes)


def create_dataset():
    return datasets().create(name=f"Questions {uuid.uuid4()}", description="").id


def ended(dataset_id, task_id):
    while True:
        task = datasets().fetch_task(dataset_id=dataset_id, task_id=task_id)
        if task.status != "RUNNING":
            return task
        time.sleep(0.02)


class Imports(SdkCase):
    def test_uploads_lists_retrieves_downloads_and_deletes_files(self):
        name = f"{uuid.uuid4()}.jsonl"
        file = files().upload(file={"file_name": name, "content": LINES}, purpose="batch", expiry=3)
        self.assertEqual((file.size_bytes, file.filename, file.purpose), (len(LINES), name, "batch"))
        self.assertEqual((file.sample_type, file.source), ("batch_request", "upload"))
        self.assertEqual(file.expires_at - file.created_at, 3 * 3600)
        retrieved = files().retrieve(file_id=file.id)
        self.assertEqual(retrieved.model_dump(), {**file.model_dump(), "deleted": False})
        listed = files().list(search=name, purpose="batch", page_size=10)
        self.assertEqual(([found.id for found in listed.data], listed.total), ([file.id], 1))
        self.assertEqual(files().download(file_id=file.id).read(), LINES)
        with urllib.request.urlopen(files().get_signed_url(file_id=file.id).url) as answer:
            self.assertEqual(answer.read(), LINES)
        self.assertTrue(files().delete(file_id=file.id).deleted)
        with self.assertRaises(errors.SDKError) as caught:
            files().retrieve(file_id=file.id)
        self.assertEqual(caught.exception.status_code, 404)

    def test_imports_a_file_and_follows_the_task(self):
        dataset_id = create_dataset()
        begun = datasets().import_from_file(dataset_id=dataset_id, file_id=upload(purpose="fine-tune").id)
        self.assertEqual((begun.status, begun.dataset_id), ("RUNNING", dataset_id))
        task = ended(dataset_id, begun.id)
        self.assertEqual((task.status, task.progress), ("COMPLETED", 100))
        self.assertEqual(task.message, "Read chat messages: 2 lines taken, 1 line refused.")
        records = datasets().list_records(dataset_id=dataset_id).records
        self.assertEqual([(record.payload, record.source) for record in records.results], [(PAYLOAD, "UPLOADED_FILE")] * 2)

    def test_imports_records_and_lists_the_tasks(self):
        dataset_id, other = create_dataset(), create_dataset()
        record = datasets().create_record(dataset_id=other, payload=PAYLOAD, properties={"a": 1})
        tasks = []
        for _ in range(2):
            begun = datasets().import_from_dataset_records(dataset_id=dataset_id, dataset_record_ids=[record.id])
            tasks.append(ended(dataset_id, begun.id))
        listed = datasets().list_tasks(dataset_id=dataset_id, page_size=1).tasks
        self.assertEqual((listed.results, listed.count), ([tasks[1]], 2))
        self.assertIn("page=2", listed.next)
        copies = datasets().list_records(dataset_id=dataset_id).records
        self.assertEqual([copy.properties for copy in copies.results], [{"a": 1}] * 2)

    def test_imports_asynchronously(self):
        async def run():
            dataset_id = create_dataset()
            file = await files().upload_async(file={"file_name": "data.csv", "content": b"prompt,response\nHi,Ho\n"})
            begun = await datasets().import_from_file_async(dataset_id=dataset_id, file_id=file.id)
            return await asyncio.to_thread(ended, dataset_id, begun.id)

        self.assertIn('"prompt" as input', asyncio.run(run()).message)

    def test_raises_what_is_wrong_with_imports(self):
        dataset_id = create_dataset()
        of_dataset = {"dataset_id": dataset_id}
        self.assert_fails(404, None, "no file", datasets().import_from_file, file_id=NO_ID, **of_dataset)
        code = "DATASET_RECORD_NOT_FOUND"
        ids = [NO_ID]
        self.assert_fails(404, code, NO_ID, datasets().import_from_dataset_records, dataset_record_ids=ids, **of_dataset)
        code = "FEATURE_NOT_SUPPORTED"
        self.assert_fails(
            400, code, "no playground", datasets().import_from_playground, conversation_ids=["conv_1"], **of_dataset
        )
        self.assert_fails(404, "DATASET_TASK_NOT_FOUND", NO_ID, datasets().fetch_task, task_id=NO_ID, **of_dataset)
        self.assert_fails(404, "DATASET_NOT_FOUND", NO_ID, datasets().list_tasks, dataset_id=NO_ID)
        self.assert_fails(404, "DATASET_NOT_FOUND", NO_ID, datasets().import_from_file, dataset_id=NO_ID, file_id=NO_ID)
