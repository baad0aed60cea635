use zoo_v1::ZooService;

pub async fn feed(hub: &ZooService) -> zoo_v1::Result<()> {
    hub.animals().feed().send().await
}
