use zoo_v1::ZooService;
use zoo_v1::schemas::Animal;

pub async fn read(hub: &ZooService, view: Option<String>) -> zoo_v1::Result<Animal> {
    let call = hub.animals().get("a1");
    match view {
        Some(view) => call.set_view(view).send().await,
        None => call.send().await,
    }
}
