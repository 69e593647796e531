FROM python:3.13-slim
WORKDIR /app
RUN pip install --no-cache-dir uv
# An example to start from, not tested: see docs/guides/running.md.
COPY requirements.lock pyproject.toml README.md package.json package-lock.json ./
RUN uv pip install --system --require-hashes -r requirements.lock
COPY src src
COPY packs packs
RUN uv pip install --system --no-deps --editable . && python -m vettura.launcher.checks translations assets static
CMD ["vettura", "doctor"]
