FROM python:3.13-slim
WORKDIR /app
RUN pip install --no-cache-dir uv
COPY requirements.lock pyproject.toml README.md ./
RUN uv pip install --system --require-hashes -r requirements.lock
COPY src src
COPY packs packs
RUN uv pip install --system --no-deps --editable . && python -m vettura.launcher.checks translations assets
CMD ["vettura", "doctor"]
