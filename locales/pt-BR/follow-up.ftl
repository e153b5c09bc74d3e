### New facts. Machine draft, for people to revise and approve.

follow-up = Este é um novo aviso sobre o que aconteceu aos nossos computadores, e substitui o anterior.
follow-up-short = { $org }: temos mais a dizer a você sobre quem entrou nos nossos computadores e viu dados sobre você.
