use zoo_v1::{HubOptions, ZooService};

pub fn at(hub: ZooService, location: &str) -> Option<ZooService> {
    let (_, url) = ZooService::ENDPOINTS.iter().find(|(own, _)| *own == location)?;
    Some(hub.with(HubOptions::new().base_url(*url)))
}
