use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn rename(hub: &ZooService, name: &str) -> zoo_v1::Result<Animal> {
    let animal = Animal::default().set_name(name);
    hub.animals().update("a1", &animal).send().await
}
