use zoo_v1::schemas::Animal;
use zoo_v1::{CallOptions, ZooService};

pub async fn read(hub: &ZooService) -> zoo_v1::Result<Animal> {
    let of_user = CallOptions::new().query("quotaUser", "u1");
    hub.animals().get("a1").with(of_user).send().await
}
