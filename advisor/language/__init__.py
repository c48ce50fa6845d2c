"""Words to facts and intents, and facts and passages to words. No language model."""
