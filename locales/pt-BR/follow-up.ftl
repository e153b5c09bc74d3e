### New facts. Machine draft, for people to revise and approve.

follow-up = Este é um novo aviso sobre o que aconteceu aos nossos computadores, e substitui o anterior.
follow-up-short = { $org }: mais sobre quem viu dados seus em nossos computadores.
