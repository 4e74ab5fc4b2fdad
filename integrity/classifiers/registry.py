"""The classifiers by name: one line each, loaded only when asked for."""

LOADERS = {
    "checkworthy": "integrity.classifiers.checkworthy.model:load",
    "voting_procedure": "integrity.classifiers.voting_procedure.classifier:load",
}
