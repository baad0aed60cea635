use zoo_v1::ZooService;

pub fn urls() -> Vec<&'static str> {
    vec![ZooService::BASE_URL]
}
