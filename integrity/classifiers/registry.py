"""The classifiers by name: one line each, loaded only when asked for."""

LOADERS = {
    "voting_procedure": "integrity.classifiers.voting_procedure.classifier:load",
}
