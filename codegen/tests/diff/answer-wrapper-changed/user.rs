use zoo_v1::ZooService;

pub async fn name(hub: &ZooService) -> zoo_v1::Result<Option<String>> {
    let animal = hub.animals().get("a1").send().await?;
    Ok(animal.name)
}
