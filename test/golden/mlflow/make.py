"""make.py TRACKING_URI: fills the registry of an empty MLflow tracking database.

Everything is registered through MLflow's own API. README.md says how the
database is made and dumped.
"""

import sys

import mlflow
from mlflow.entities.model_registry import PromptModelConfig
from mlflow.genai import (
    delete_prompt_alias,
    register_prompt,
    set_prompt_alias,
    set_prompt_model_config,
    set_prompt_tag,
    set_prompt_version_tag,
)
from pydantic import BaseModel

LONGEST_NAME = "n" * 256  # one more than gaiops takes


class Verdict(BaseModel):
    """A response format, given as a class."""

    score: int
    why: str


def greet():
    """Text, four versions, one deleted in between and one at the end."""
    register_prompt(
        "Greet_Prompt",
        "You are a polite assistant for {{ company }}.",
        commit_message="first",
        tags={"team": "support", "lang": "en"},
    )
    register_prompt("Greet_Prompt", "A version with a slip for {{ company }}.")
    register_prompt(
        "Greet_Prompt",
        "You are a polite assistant for {{company}}. Greet {{ user.name }}.\n",
        commit_message="names the user",
        tags={"team": "care"},
        model_config={
            "provider": "openai",
            "model_name": "gpt-4.1-mini",
            "temperature": 0.2,
            "max_tokens": 300,
            "stop_sequences": ["END"],
        },
    )
    register_prompt("Greet_Prompt", "A last one, deleted too.", commit_message="gone")
    set_prompt_alias("Greet_Prompt", "production", 1)
    set_prompt_alias("Greet_Prompt", "production", 3)
    set_prompt_alias("Greet_Prompt", "champion", 3)
    set_prompt_alias("Greet_Prompt", "größte", 3)
    set_prompt_alias("Greet_Prompt", "old", 1)
    set_prompt_alias("Greet_Prompt", "lost", 2)
    set_prompt_alias("Greet_Prompt", "dropped", 1)
    delete_prompt_alias("Greet_Prompt", "dropped")
    set_prompt_tag("Greet_Prompt", "owner", "Zoë")
    set_prompt_version_tag("Greet_Prompt", 3, "reviewed", "yes")
    client = mlflow.MlflowClient()
    client.delete_prompt_version("Greet_Prompt", "2")
    client.delete_prompt_version("Greet_Prompt", "4")


def chat():
    """Chat prompts: plain, with Jinja2 in one message, with more than role and content."""
    register_prompt(
        "Chat_Prompt",
        [
            {"role": "system", "content": "You are a {{ style }} assistant."},
            {"role": "user", "content": "{{question}}"},
        ],
        commit_message="chat",
        response_format=Verdict,
        model_config=PromptModelConfig(
            model_name="gpt-4.1-mini",
            temperature=0.5,
            stop_sequences=["###"],
            extra_params={"seed": 7},
        ),
    )
    register_prompt(
        "Chat_Prompt",
        [
            {"role": "system", "content": "{% if style %}Be {{ style }}.{% endif %}"},
            {"role": "user", "content": "{{question}}"},
        ],
        response_format={"type": "json_object"},
    )
    register_prompt(
        "Chat_Prompt",
        [
            {"role": "system", "content": "Say {{{word}}}, {{word|upper}} and {{ word }}."},
            {"role": "user", "content": "{{question}}"},
        ],
    )
    register_prompt(
        "Chat_Prompt",
        [
            {"role": "user", "name": "ann", "content": "{{question}}"},
            {"role": "assistant", "content": "Wait."},
        ],
    )
    register_prompt(
        "Chat_Prompt",
        [{"role": "user", "content": [{"type": "text", "text": "Look: {{question}}"}]}],
    )
    register_prompt(
        "Chat_Prompt",
        [
            {"role": "system", "content": "{% set a = 1 %}{{ a }}"},
            {"role": "user", "content": "{{question}}"},
        ],
    )
    set_prompt_alias("Chat_Prompt", "production", 1)


def jinja():
    """Jinja2 that is in the grammar of gaiops, and Jinja2 that is not."""
    register_prompt(
        "Jinja.Prompt",
        "Dear {{ name }},{% for item in items %} {{ loop.index }}. {{ item | upper }}"
        "{% else %} nothing{% endfor %}\n",
        commit_message="a loop",
    )
    register_prompt("Jinja.Prompt", "{% if vip and not late %}Welcome back.{% endif %}")
    register_prompt("Jinja.Prompt", "{% set greeting = 'Hi' %}{{ greeting }} {{ name }}")
    register_prompt("Jinja.Prompt", "{% if items %}{{ items | sum }}{% endif %}")
    register_prompt("Jinja.Prompt", "{{> prompts:/Tone }}{% if name %}{{ name }}{% endif %}")
    set_prompt_alias("Jinja.Prompt", "production", 3)


def text():
    """Not Jinja2 to MLflow: what is no plain placeholder is text."""
    for template in (
        "{{ x | upper }} and {{x}}",
        "{{{x}}}",
        "{{1x}} and {{x}}",
        "{# kept #}{{x}}",
        "a stray {{ and {{x}}",
        "a stray {% and {{x}}",
        "{{ items.0 }} and {{x}}",
        "{{> prompts:/Tone }} and {{x}}",
        "a lone }} and %} and {{x}}",
        "{{\u00a0x\u00a0}} and {{x}}",
        "{{ none }} and {{ true }} and {{x}}",
        "{{\n\tx\n}}",
        "{{ x }} {{ y.z }}",
        "{{x\n|upper}} {{{{x}}}} {{ x.}} {{.x}} {{}} {{ x y }} {{größe}}",
        "",
    ):
        register_prompt("text-prompt", template)


def others():
    """Non-ASCII text, a name that is too long, no version, and what is no prompt."""
    register_prompt(
        "uebersetzung",
        "Übersetze „{{ satz }}“ ins 日本語 🙂.\\n",
        commit_message="zweisprachig 🙂",
        tags={"sprache": "日本語", "leer": ""},
        model_config={"temperature": 0},
    )
    set_prompt_model_config("uebersetzung", 1, {"temperature": 0.3, "model": "gpt-4.1"})
    register_prompt(LONGEST_NAME, "too long a name")
    register_prompt("dotted.name-1_2", '[{"a": {{ x }}}]')
    register_prompt("forgotten", "all of it is deleted")
    set_prompt_tag("forgotten", "team", "nobody")
    register_prompt("erased", "the whole prompt is deleted")
    client = mlflow.MlflowClient()
    client.delete_prompt_version("forgotten", "1")
    client.delete_prompt("erased")
    client.create_registered_model("Some_Model", tags={"team": "models"})
    client.create_model_version("Some_Model", "nowhere", tags={"team": "models"})
    client.set_registered_model_alias("Some_Model", "production", "1")


def main():
    mlflow.set_tracking_uri(sys.argv[1])
    greet()
    chat()
    jinja()
    text()
    others()


if __name__ == "__main__":
    main()
