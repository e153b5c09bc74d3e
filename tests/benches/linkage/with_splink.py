"""Splink on one set, configured as its own examples do: `with_splink.py SHAPE CSV PAIRS`."""

import logging
import sys

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

FORMATS = {"febrl": "%Y%m%d", "link": "%Y%m%d", "census": "%m/%d/%Y", "scripts": "%Y-%m-%d"}


def settings(shape):
    if shape == "census":
        blocks = [
            block_on("first_name", "last_name"), block_on("date_of_birth"),
            block_on("last_name", "street_name"), block_on("first_name", "street_name", "street_number"),
        ]
        comparisons = [
            cl.NameComparison("first_name"), cl.NameComparison("last_name"), cl.ExactMatch("middle_initial"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.ExactMatch("street_name").configure(term_frequency_adjustments=True),
            cl.ExactMatch("street_number"), cl.ExactMatch("sex"), cl.ExactMatch("race_ethnicity"),
        ]
        rules = [block_on("first_name", "last_name", "date_of_birth")]
        training = [block_on("date_of_birth"), block_on("first_name", "last_name")]
    elif shape == "scripts":
        blocks = [
            block_on("given", "family"), block_on("date_of_birth"), block_on("phone"), block_on("street", "family"),
        ]
        comparisons = [
            cl.NameComparison("given"), cl.NameComparison("family"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.ExactMatch("phone"), cl.ExactMatch("sex"),
            cl.ExactMatch("place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("street").configure(term_frequency_adjustments=True),
        ]
        rules = [block_on("given", "family", "date_of_birth"), block_on("phone", "date_of_birth")]
        training = [block_on("date_of_birth"), block_on("given", "family")]
    else:
        blocks = [
            block_on("soc_sec_id"), block_on("given_name", "surname"), block_on("date_of_birth"),
            block_on("surname", "postcode"), block_on("given_name", "postcode"), block_on("address_1", "suburb"),
        ]
        comparisons = [
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ]
        rules = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
        training = [block_on("date_of_birth"), block_on("postcode")]
    made = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=blocks, comparisons=comparisons,
        retain_intermediate_calculation_columns=False,
    )
    return made, rules, training


def main():
    shape, path, pairs = sys.argv[1:]
    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = pd.read_csv(path, dtype=str).rename(columns={"birth_date": "date_of_birth"})
    born = pd.to_datetime(frame.date_of_birth, format=FORMATS[shape], errors="coerce")
    frame["date_of_birth"] = born.dt.strftime("%Y-%m-%d")
    made, rules, training = settings(shape)
    try:
        linker = Linker(DuckDBAPI().register(frame), made)
    except AttributeError:
        linker = Linker(frame, made, DuckDBAPI())  # before Splink 5
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    found = found.rename(columns={
        "rec_id_l": "a", "rec_id_r": "b", "match_weight": "weight", "match_probability": "probability"})
    found[["a", "b", "weight", "probability"]].to_csv(pairs, index=False)


if __name__ == "__main__":
    main()
