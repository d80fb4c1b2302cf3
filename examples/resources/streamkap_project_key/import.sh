# By the key's id, which is shown under Project Settings > Project Keys.
terraform import streamkap_project_key.orders c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10
