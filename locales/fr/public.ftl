### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = À toutes les personnes dont nous gardons des informations
public-who = Cet avis vient de { $org }.
public-groups = Il concerne les informations que nous avions jusqu'au { $discovered } sur des personnes qui cherchent leurs proches, des personnes recherchées, des enfants qui étaient seuls, des personnes en détention, d'autres personnes que nous aidons, et notre personnel et nos bénévoles.
