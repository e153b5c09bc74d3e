//! A CSV file in, persons out.

use linkage::Options;
use linkage::table::{Map, MapError, TableError, link_csv};

const MAP: &str = r#"
id = "rec_id"
dataset = "source"
[fields]
given = "given"
family = "family"
birth_date = { column = "born", format = "%d/%m/%Y" }
sex = "sex"
phone = ["phone", "phone2"]
place = ["town", "region"]
[other]
"clan" = "clan"
"#;

const HEADER: &str = "rec_id,source,given,family,born,sex,phone,phone2,town,region,clan\n";

fn rows() -> String {
    let mut out = HEADER.to_owned();
    for i in 0..60 {
        let line = format!(
            "given{},family{},{:02}/{:02}/{},f,07{:08},,town{},north,c{}\n",
            i % 13,
            i,
            1 + i % 28,
            1 + i % 12,
            1950 + i,
            31_000_000 + i * 7919,
            i % 9,
            i % 5
        );
        out.push_str(&format!("a{i},one,{line}"));
        if i % 3 == 0 {
            out.push_str(&format!("b{i},two,{line}"));
        }
    }
    out
}

fn clusters(csv: &str, map: &str) -> Vec<(String, u32)> {
    let map = Map::parse(map).expect("a map");
    let table = link_csv(csv.as_bytes(), &map, &Options::default()).expect("links");
    let mut out = Vec::new();
    table.write_clusters(&mut out).expect("writes");
    let text = String::from_utf8(out).expect("text");
    let rows = text.lines().skip(1).map(|l| l.split_once(',').expect("two columns"));
    rows.map(|(id, c)| (id.to_owned(), c.parse().expect("a number"))).collect()
}

#[test]
fn a_file_is_linked() {
    let found = clusters(&rows(), MAP);
    assert_eq!(found.len(), 80);
    let of = |id: &str| found.iter().find(|(i, _)| i == id).unwrap().1;
    assert!((0..60).step_by(3).all(|i| of(&format!("a{i}")) == of(&format!("b{i}"))));
    let persons: std::collections::HashSet<u32> = found.iter().map(|(_, c)| *c).collect();
    assert_eq!(persons.len(), 60);
}

#[test]
fn the_order_of_columns_and_the_names_of_registers_do_not_matter() {
    let csv = rows();
    let renamed = |cell: &str| match cell {
        "one" => "zwei".to_owned(),
        "two" => "acht".to_owned(),
        other => other.to_owned(),
    };
    let reversed: String =
        csv.lines().map(|line| line.split(',').rev().map(renamed).collect::<Vec<_>>().join(",") + "\n").collect();
    assert_eq!(clusters(&csv, MAP), clusters(&reversed, MAP));
}

#[test]
fn pairs_and_summary_are_written() {
    let map = Map::parse(MAP).unwrap();
    let table = link_csv(rows().as_bytes(), &map, &Options::default()).unwrap();
    let mut out = Vec::new();
    table.write_pairs(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("a,b,weight,probability,outcome"));
    assert!(lines.clone().count() >= 20);
    assert!(lines.all(|l| l.split(',').count() == 5));
    let report = serde_json::to_value(table.report(Some(1 << 20))).unwrap();
    for key in ["records", "clusters", "pairs_scored", "blocks_skipped", "seconds", "peak_memory"] {
        assert!(report.get(key).is_some(), "{key}");
    }
}

#[test]
fn refusals_name_the_place_and_never_the_value() {
    let map = Map::parse(MAP).unwrap();
    let link = |csv: &str| link_csv(csv.as_bytes(), &map, &Options::default()).map(|_| ());
    assert!(matches!(link("rec_id,given\n"), Err(TableError::NoColumn(c)) if c == "source"));
    let short = format!("{HEADER}a1,one,Secretname\n");
    let error = link(&short).unwrap_err();
    assert!(matches!(error, TableError::Row { row: 1, .. }));
    assert!(!error.to_string().contains("Secretname"));
    let bytes = [HEADER.as_bytes(), b"a1,one,\xff\xfe,x,,,,,,,\n"].concat();
    let error = link_csv(bytes.as_slice(), &map, &Options::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, TableError::Row { row: 1, .. }), "{error}");
}

#[test]
fn what_is_not_utf8_is_named_by_row_and_column() {
    let map = Map::parse("id = \"id\"\n[fields]\ngiven = \"given\"\n").unwrap();
    let error = link_csv(&b"id,given\n1,Amina\n2,\xff\xfe\n"[..], &map, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "row 2, column \"given\": not UTF-8");
}

#[test]
fn a_mapped_column_that_stands_twice_is_refused() {
    let map = Map::parse("id = \"id\"\n[fields]\ngiven = \"given\"\n").unwrap();
    let twice = link_csv(&b"id,given,given\n1,Amina,Bilal\n"[..], &map, &Options::default()).unwrap_err();
    assert!(matches!(twice, TableError::TwoColumns(_)), "{twice}");
    let unmapped = link_csv(&b"id,note,given,note\n1,,Amina,\n"[..], &map, &Options::default());
    assert!(unmapped.is_ok(), "columns that the map does not name may be called anything");
}

#[test]
fn link_only_needs_to_know_the_datasets() {
    let without = Map::parse("id = \"id\"\nlink_only = true\n[fields]\ngiven = \"given\"\n");
    assert!(matches!(without, Err(MapError::NoDataset)), "it would compare nothing with nothing");
    let with = Map::parse("id = \"id\"\ndataset = \"set\"\nlink_only = true\n[fields]\ngiven = \"given\"\n");
    assert!(with.unwrap().link_only);
}

#[test]
fn maps_that_make_no_sense_are_refused() {
    for (text, what) in [
        ("", "no id"),
        ("id = \"a\"\n", "nothing to compare"),
        ("id = \"a\"\n[fields]\ngivn = \"b\"\n", "a misspelt field"),
        ("id = \"a\"\n[fields]\nsex = [\"b\", \"c\"]\n", "two columns for one value"),
        ("id = \"a\"\n[fields]\nbirth_date = { column = \"b\", format = \"%Q\" }\n", "an unknown date part"),
        ("id = \"a\"\n[fields]\nbirth_date = { column = \"b\", format = \"%d\" }\n", "a date without year"),
    ] {
        assert!(Map::parse(text).is_err(), "{what}");
    }
    assert!(matches!(Map::parse("id = \"a\"\n"), Err(MapError::NoFields)));
}

#[test]
fn unreadable_values_are_counted() {
    let csv = format!("{HEADER}a1,one,Amina,Keita,31-12-1980,x,,,,,\na2,one,Boris,Lund,1/1/1980,m,,,,,\n");
    let map = Map::parse(MAP).unwrap();
    let table = link_csv(csv.as_bytes(), &map, &Options::default()).unwrap();
    assert_eq!(table.unreadable, [("born".to_owned(), 1), ("sex".to_owned(), 1)]);
}
