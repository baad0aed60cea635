use zoo_v1::schemas::Animal;
use zoo_v1::{CallOptions, ZooService, scopes};

pub async fn read(hub: &ZooService) -> zoo_v1::Result<(Animal, Animal)> {
    let own = CallOptions::new().scopes([scopes::ZOO]);
    let first = hub.animals().get("a1").send().await?;
    Ok((first, hub.animals().get("a2").with(own).send().await?))
}
