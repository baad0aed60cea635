use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn read(hub: &ZooService) -> zoo_v1::Result<Animal> {
    hub.animals().get("a1").send().await
}
