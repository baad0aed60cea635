use zoo_v1::schemas::Animal;
use zoo_v1::{CallOptions, ZooService, scopes};

pub async fn read(hub: &ZooService) -> zoo_v1::Result<Animal> {
    let own = CallOptions::new().scopes([scopes::ZOO_FEEDING]);
    hub.animals().get("a1").with(own).send().await
}
