### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Kooxda, kor ha loo akhrin
team-private = Marka hore hubi in cid kale aysan maqlayn, haddii aysan suurtagal ahaynna halkan ku jooji oo soo sheeg.
team-third = Haddii qof kale ka jawaabo, sheeg oo keliya inaad mar kale soo wici doonto, adigoo aan sheegin magaca ururka.
team-voicemail = Ka tag farriin cod ah kaliya haddii hawshu oggolaato, weligaa ha sheegin magaca ururka, iskaana ha u soo celin wicitaanka.
team-identity = Hubi inaad la hadlayso qofka saxda ah, adigoo aan weydiin xog shakhsi ah.
hang-up = Waad joojin kartaa wicitaankan oo waxaad naga soo wici kartaa nambarka ka muuqda xafiisyadayada.
team-file = Goob gaar ah ku fur faylka oo u sheeg qofka xogta isaga u gaar ah ee la qaatay.
team-words = Weydii qofka inuu ereyadiisa ku sheego waxa dhacay iyo waxa uu samayn karo.
team-distress = Haddii qofku murugoodo, hakad geli, dhegeyso, oo u fidi taageerada ku qoran hawsha.
team-paper = Waraaq ha uga tegin, ilaa qofku codsado oo ay ammaan tahay.
team-report = Natiijada ku qor hawsha.
team-child = Isticmaal ereyo fudud, weydiina ilmaha cidda ay tahay inay arrintan ogaato.
team-survivor = Marka hore hubi ammaanka, u soo jeedi in loo gudbiyo adeeg ilaalin, oo weydii hab cusub oo ammaan ah oo qofka lagu heli karo.
team-detainee = Ku hadal oo keliya waraysi gaar ah, weligaa ha u marin ilaaliyeyaasha, Farriimaha Laanqayrta Cas ama taleefanka.
say-heading = Waxa aad leedahay
child-happened = Dad ayaa si aan oggolaansho lahayn u galay kombiyuutarro, waxayna arki kareen waxyaabo laga qoray dad badan, adigana lagaa qoray.
child-fault = Adigu wax khalad ah ma samayn.
child-tell = Haddii qof arrintan ku weydiiyo ama ku cabsiiyo, u sheeg qof weyn oo aad ku kalsoon tahay.
child-choose = Wax kasta waad na weydiin kartaa, waxaadna sheegi kartaa cidda ay tahay inay ogaato.
sought-asked = Mar ayaa qof naga codsaday inaan ku raadinno.
sought-choice = Waxaad dooran kartaa inaadan waxba naga helin, mana sheegno wax adiga kugu saabsan haddii aadan oggolaan.
