"""An Airflow DAG: the reports each working day, and the executed notebook of one ranking kept beside them.

For a site that runs Airflow already (provider `apache-airflow-providers-papermill`); cron or systemd need less. See
docs/scheduling.md. Change CCHC_HOME to where the project is installed.
"""

from __future__ import annotations

import pendulum
from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator

CCHC_HOME = "/opt/cchc"

with DAG(
    "cchc_report",
    schedule="15 5 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 5, tz="Asia/Ho_Chi_Minh"),
    catchup=False,  # a run builds whatever is out of date: one makes up for all that were missed
    max_active_runs=1,
) as dag:
    # the pages, checked and published as one set each; the task fails with exit code 1 or 2
    report = BashOperator(task_id="report", bash_command=f"cd {CCHC_HOME} && .venv/bin/cchc report --units")
    # the notebook itself, for the analyst who wants every cell of one run: no page comes of it
    notebook = PapermillOperator(
        task_id="annual_ranking",
        input_nb=f"{CCHC_HOME}/notebooks/annual_ranking.ipynb",
        output_nb=f"{CCHC_HOME}/reports/annual_ranking-{{{{ ds }}}}.ipynb",
        parameters={"scheme": "soc-trang", "year": 2024, "lang": "vi"},
    )
    report >> notebook
