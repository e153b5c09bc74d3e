### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = Kubo bonke esigcina ulwazi lwabo
public-who = Isaziso lesi sivela ku-{ $org }.
public-groups = Simayelana lolwazi esasilalo kuze kube ngu-{ $discovered } ngabantu abadinga izihlobo zabo, abantu abadingwayo, abantwana ababebodwa, abantu abavalelweyo, abanye abantu esibancedayo, lezisebenzi zethu labazinikeleyo.
