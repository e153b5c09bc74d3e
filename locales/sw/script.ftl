### What a team says and does. Machine draft, for people to revise and approve.

team-heading = Kwa timu, isisomwe kwa sauti
team-private = Kwanza hakikisha hakuna mtu mwingine anayesikia, na kama haiwezekani, malizia hapa na utoe taarifa.
team-third = Mtu mwingine akijibu, sema tu kwamba utapiga tena, bila jina la shirika.
team-voicemail = Acha ujumbe wa sauti ikiwa tu kazi inaruhusu, kamwe usitaje jina la shirika, na usipige tena kwa uamuzi wako.
team-identity = Hakikisha unazungumza na mtu sahihi, bila kuuliza taarifa binafsi.
hang-up = Unaweza kukata simu hii na kutupigia kwa namba iliyoonyeshwa kwenye ofisi zetu.
team-file = Mkiwa faragha, fungua faili na umwambie mtu huyo ni taarifa zake zipi zilizochukuliwa.
team-words = Mwombe mtu huyo aseme kwa maneno yake kilichotokea na anachoweza kufanya.
team-distress = Mtu huyo akisikitika, tulia kidogo, sikiliza, na umpe msaada uliotajwa kwenye kazi.
team-paper = Usiache karatasi yoyote, isipokuwa mtu huyo aiombe na iwe salama.
team-report = Andika matokeo kwenye kazi.
team-child = Tumia maneno rahisi, na umuulize mtoto ni nani anapaswa kujua hili.
team-survivor = Kwanza hakikisha usalama, pendekeza rufaa kwa huduma ya ulinzi, na uombe njia mpya salama ya kumfikia mtu huyo.
team-detainee = Zungumza katika mahojiano ya faragha tu, kamwe usipitie kwa walinzi, Ujumbe wa Msalaba Mwekundu au simu.
say-heading = Unachosema
child-happened = Watu fulani waliingia kwenye kompyuta bila ruhusa, na waliweza kuona mambo yaliyoandikwa kuhusu watu wengi, na kukuhusu wewe pia.
child-fault = Hukufanya kosa lolote.
child-tell = Mtu akikuuliza kuhusu hili au akikutisha, mwambie mtu mzima unayemwamini.
child-choose = Unaweza kutuuliza chochote, na unaweza kusema ni nani anapaswa kujua.
sought-asked = Mtu mmoja aliwahi kutuomba tukutafute.
sought-choice = Unaweza kuchagua kutopokea chochote kutoka kwetu, na hatusemi lolote kukuhusu usipokubali.
