use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn move_in(hub: &ZooService, animal: &Animal) -> zoo_v1::Result<()> {
    hub.cages().clean(animal).send().await?;
    hub.cages().lock().send().await
}
