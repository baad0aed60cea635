use zoo_v1::{HubOptions, ZooService};

pub fn through_a_proxy(hub: ZooService, proxy: &str) -> ZooService {
    let path = ZooService::BASE_URL.trim_start_matches("https://");
    hub.with(HubOptions::new().base_url(format!("{proxy}/{path}")))
}
