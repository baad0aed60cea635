use zoo_v1::ZooService;

pub async fn wake(hub: &ZooService) -> zoo_v1::Result<()> {
    hub.animals().get("a1").send().await
}
