use super::*;

fn snake(wire: &str) -> String {
    name(Kind::Value, wire)
}

#[test]
fn words_are_what_a_reader_sees() {
    for (wire, expected) in [
        ("emailAddresses", "email_addresses"),
        ("isIPv6", "is_ipv6"),
        ("IPv4Address", "ipv4_address"),
        ("externalIPs", "external_ips"),
        ("ETag", "etag"),
        ("HTTPServer", "http_server"),
        ("selfLink", "self_link"),
        ("URIsFound", "uris_found"),
        ("v1Beta1", "v1_beta1"),
        ("v1beta1", "v1beta1"),
        ("sha256Hash", "sha256_hash"),
        ("best-practices", "best_practices"),
        ("requestMask.includeField", "request_mask_include_field"),
        ("$.xgafv", "xgafv"),
        ("_type", "r#type"),
        ("@context", "context"),
        ("READ_SOURCE_TYPE_CONTACT", "read_source_type_contact"),
        ("30fps", "_30fps"),
        ("größe", "gr_uf6_udf_e"),
        ("*", "unnamed"),
        ("", "unnamed"),
        ("OAuth2Token", "oauth2_token"),
        ("X509", "x509"),
        ("A1Notation", "a1_notation"),
        ("vCPUs", "vcpus"),
    ] {
        assert_eq!(snake(wire), expected, "{wire}");
    }
}

#[test]
fn every_kind_keeps_away_from_what_is_reserved() {
    assert_eq!(name(Kind::Type, "Option"), "OptionSchema");
    assert_eq!(name(Kind::Type, "self"), "SelfSchema");
    assert_eq!(name(Kind::Type, "30fps"), "Type30fps");
    assert_eq!(name(Kind::Value, "self"), "self_");
    assert_eq!(name(Kind::Value, "match"), "r#match");
    assert_eq!(name(Kind::Function, "move"), "r#move");
    assert_eq!(name(Kind::Variant, "UNRECOGNIZED"), "UnrecognizedValue");
    assert_eq!(name(Kind::Variant, "self"), "SelfValue");
    assert_eq!(name(Kind::Module, "type"), "type_");
    assert_eq!(name(Kind::Module, "CON"), "con_");
    assert_eq!(name(Kind::Constant, "v1.names"), "V1_NAMES");
    assert_eq!(name(Kind::Type, "v1.2"), "V1_2");
}

fn assigned(kind: Kind, wires: &[&str], taken: &[&str], prior: &[(&str, &str)]) -> Vec<String> {
    let wanted: Vec<Wanted> = wires.iter().map(|wire| Wanted::new(*wire, wire)).collect();
    let prior = prior.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
    assign(kind, &wanted, taken, &prior)
}

#[test]
fn collisions_are_numbered_and_the_exact_name_goes_first() {
    assert_eq!(
        assigned(Kind::Value, &["@type", "type", "Type"], &[], &[]),
        ["type_2", "r#type", "type_3"]
    );
    assert_eq!(
        assigned(Kind::Variant, &["ACTIVATED", "activated"], &[], &[]),
        ["Activated", "Activated2"]
    );
    assert_eq!(assigned(Kind::Value, &["extra"], &["extra"], &[]), ["extra_2"]);
}

#[test]
fn a_number_never_takes_a_name_that_is_another_items_own() {
    assert_eq!(assigned(Kind::Type, &["a", "A", "A2"], &[], &[]), ["A3", "A", "A2"]);
}

#[test]
fn a_number_stays_when_the_other_is_gone() {
    let prior = [("activated", "Activated2"), ("ACTIVATED", "Activated")];
    assert_eq!(assigned(Kind::Variant, &["activated"], &[], &prior), ["Activated2"]);
    // One that comes later finds the plain name free, and no number is given twice.
    assert_eq!(
        assigned(Kind::Variant, &["Activated", "activated", "activated2"], &[], &prior),
        ["Activated", "Activated2", "Activated2_2"]
    );
}

#[test]
fn the_name_of_an_earlier_generation_is_kept() {
    let prior = [("activated", "Activated"), ("ACTIVATED", "Activated2")];
    assert_eq!(
        assigned(Kind::Variant, &["ACTIVATED", "activated"], &[], &prior),
        ["Activated2", "Activated"]
    );
    // A name that no collision can have made is not.
    assert_eq!(assigned(Kind::Variant, &["A", "a"], &[], &[("A", "Other")]), ["A", "A2"]);
}

#[test]
fn variants_lose_the_words_of_their_enum() {
    let prefixes = [words("ReadSourceType"), words("type")];
    let short = |wire: &str| Kind::Variant.name(&variant_words(wire, &prefixes));
    assert_eq!(short("READ_SOURCE_TYPE_CONTACT"), "Contact");
    assert_eq!(short("TYPE_A"), "A");
    assert_eq!(short("READ_SOURCE_TYPE"), "ReadSourceType");
    assert_eq!(short("READ_SOURCE_TYPE_2D"), "ReadSourceType2D");
    assert_eq!(short("OTHER"), "Other");
}
